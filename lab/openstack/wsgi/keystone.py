import tandem_lab.policies  # noqa: F401, I001
from keystone.common.rbac_enforcer import enforcer
from keystone.server.wsgi import initialize_public_application

application = initialize_public_application()
enforcer.RBACEnforcer()._enforcer.load_rules()
