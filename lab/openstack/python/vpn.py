"""VPNaaS without an agent.

Zed's VPNaaS talks to an L3 agent, which an OVN cloud does not have: every call would answer 500. Here the API,
its validation and its database are the real ones, and nobody brings the tunnel up (it stays PENDING_CREATE).
"""
from neutron_vpnaas.services.vpn.service_drivers import base_ipsec
from neutron_vpnaas.services.vpn.service_drivers import ipsec_validator


class _NoAgent:
    def vpnservice_updated(self, *args, **kwargs):
        pass


class Driver(base_ipsec.BaseIPsecVPNDriver):
    def __init__(self, plugin):
        super().__init__(plugin, ipsec_validator.IpsecVpnValidator(self))

    def create_rpc_conn(self):
        self.agent_rpc = _NoAgent()
