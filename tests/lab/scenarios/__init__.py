"""The scenarios: what exists in the lab, and what a scan must write about it.

Zones, certificates, servers, the list of names and the expected rows all come
from this table alone; each file is a group of rules (README.md says how to add
to them).
"""

from policies import POLICIES
from scenarios.addresses import SPECIAL
from scenarios.certificates import CERTIFICATES
from scenarios.dane import DANE
from scenarios.discovery import DISCOVERY
from scenarios.dnssec import DNSSEC
from scenarios.enforced import ENFORCED
from scenarios.lane_answers import LANE_ANSWERS
from scenarios.lane_hosts import LANE_HOSTS
from scenarios.lanes import LANES
from scenarios.listed import LISTED
from scenarios.mixed import MIXED
from scenarios.mx import MX_ANSWERS
from scenarios.nameservers import NAME_SERVERS
from scenarios.real import REAL
from scenarios.smtp import SMTP
from scenarios.tlsa import TLSA
from scenarios.tlsa_names import TLSA_NAMES

SCENARIOS = (MX_ANSWERS + DNSSEC + DISCOVERY + TLSA_NAMES + SPECIAL + TLSA
             + DANE + CERTIFICATES + SMTP + NAME_SERVERS + LANES
             + LANE_ANSWERS + LANE_HOSTS + POLICIES + ENFORCED + MIXED + LISTED + REAL)
