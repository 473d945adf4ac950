from keystone.common.rbac_enforcer import enforcer
from keystone.server.wsgi import initialize_public_application

application = initialize_public_application()
# Loaded before the first request: a second one at that moment would see half of them.
enforcer.RBACEnforcer()._enforcer.load_rules()
