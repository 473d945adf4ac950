import tandem_lab.policies  # noqa: F401, I001
from nova import policy
from nova.api.openstack.compute import wsgi

application = wsgi.init_application()
policy.init()
