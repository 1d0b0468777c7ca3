"""Every table of the service, known to SQLAlchemy once this module is imported."""

from __future__ import annotations

from cowopass.acts import models as acts
from cowopass.bank import models as bank
from cowopass.database import Base
from cowopass.desk import models as desk
from cowopass.documents import models as documents
from cowopass.invoicing import models as invoicing
from cowopass.ledger import models as ledger
from cowopass.mail import models as mail
from cowopass.networks import models as networks
from cowopass.passes import models as passes
from cowopass.people import models as people
from cowopass.settlement import models as settlement
from cowopass.spaces import models as spaces
from cowopass.treasury import models as treasury
from cowopass.voting import models as voting
from cowopass.web import models as web

FEATURES = (
    web,
    mail,
    acts,
    networks,
    spaces,
    people,
    passes,
    ledger,
    desk,
    settlement,
    voting,
    invoicing,
    bank,
    documents,
    treasury,
)
"""The modules that define tables, those that others point to first."""

metadata = Base.metadata
