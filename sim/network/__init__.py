"""Who is tied to whom: drawing, reading and measuring the social network of the users.

Networks are simple and undirected (no self-ties, no double ties) and depend on the arguments alone.
"""

from sim.network.edge_list import EdgeList, edge_list_digest, network_of_file, read_edge_list
from sim.network.generate import generate, require_drawable
from sim.network.measures import Description, describe, tail_exponent
from sim.network.text_file import EdgeListError
from sim.network.ties import Network, check_network, from_edges

__all__ = [
    "Description",
    "EdgeList",
    "EdgeListError",
    "Network",
    "check_network",
    "describe",
    "edge_list_digest",
    "from_edges",
    "generate",
    "network_of_file",
    "read_edge_list",
    "require_drawable",
    "tail_exponent",
]
