import tandem_lab.policies  # noqa: F401, I001
from placement.wsgi import init_application

application = init_application()
