import tandem_lab.policies  # noqa: F401, I001
from octavia.api.app import setup_app
from octavia.common import policy
from sqlalchemy import orm

application = setup_app(argv=['octavia-api'])
policy.get_enforcer().load_rules()
orm.configure_mappers()
