"""Pages from the web as files that indexing reads; nothing here runs unless it is asked for."""

from assistant.fetching.addresses import networks_of
from assistant.fetching.fetch import Fetched, Fetcher, FetchReport, Refused
from assistant.fetching.visit import Manners

__all__ = [
    "FetchReport",
    "Fetched",
    "Fetcher",
    "Manners",
    "Refused",
    "networks_of",
]
