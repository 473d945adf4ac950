import tandem_lab.policies  # noqa: F401, I001
from cinder import policy
from cinder.wsgi.wsgi import initialize_application

application = initialize_application()
policy.init()
