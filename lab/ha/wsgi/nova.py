from nova import policy
from nova.api.openstack.compute import wsgi

application = wsgi.init_application()
policy.init()
