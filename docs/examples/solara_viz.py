"""MovementModel in Mesa's own SolaraViz: ``solara run docs/examples/solara_viz.py``."""

from mesa.visualization import Slider, SolaraViz, make_plot_component, make_space_component
from mesa.visualization.components import AgentPortrayalStyle

from sim import MovementModel

COLOURS = ("lightgrey", "tab:blue", "tab:orange", "white", "white")  # by status


def look(user):
    """Draw a user by status."""
    return AgentPortrayalStyle(color=COLOURS[user.status], size=20)


start = {"users.count": 200, "participation.cost_mean": 0.4, "movement.launch_week": 5}
page = SolaraViz(
    MovementModel(**start),
    components=[make_space_component(look), make_plot_component(["supporters", "organisers"])],
    model_params=start
    | {
        "participation.cost_mean": Slider("cost of taking part", 0.4, 0.0, 1.8, 0.1),
        "rng": Slider("seed", 7, 0, 100, 1),
    },
)
