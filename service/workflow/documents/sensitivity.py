"""How much of somebody a fact lays open, in the words of the documents."""

from models.terms import Sensitivity

SENSITIVITY = {
    Sensitivity.ORDINARY: "almindelig", Sensitivity.CONFIDENTIAL: "fortrolig",
    Sensitivity.FELT_PRIVATE: "opleves som privat", Sensitivity.SPECIAL: "følsom: helbred",
    Sensitivity.IDENTITY: "identitet",
}  # fmt: skip
