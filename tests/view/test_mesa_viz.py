"""MovementModel in Mesa's own SolaraViz, as the example in docs/examples shows it."""

import runpy
from pathlib import Path

import ipyvuetify
import ipywidgets
import solara
from mesa.visualization import SolaraViz

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "solara_viz.py"


def test_mesas_own_page_draws_steps_and_begins_anew_with_other_parameters():
    page = runpy.run_path(str(EXAMPLE))["page"]
    model = solara.reactive(page.args[0])

    @solara.component
    def shown():
        with solara.AppLayout():
            SolaraViz(model, **page.kwargs)

    _, rendered = solara.render(shown(), handle_error=False)

    def pictures():
        return [each.value for each in rendered.find(ipywidgets.Image).widgets]

    def press(name):
        buttons = rendered.find(ipyvuetify.Btn).widgets
        next(each for each in buttons if name in each.children).click()

    space, plot = pictures()
    for _ in range(7):  # the launch is in week 5
        press("Step")
    assert model.value.week == 7
    assert pictures()[0] != space
    assert pictures()[1] != plot
    sliders = {each.label: each for each in rendered.find(ipyvuetify.Slider).widgets}
    sliders["cost of taking part"].v_model = 1.2
    sliders["seed"].v_model = 9
    press("Reset")
    assert (model.value.week, model.value.seed) == (0, 9)
    assert model.value.parameters.participation.cost_mean == 1.2
    assert model.value.parameters.users.count == 200
    rendered.close()
