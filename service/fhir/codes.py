"""The codes of KL's § 140 reporting that are understood here, each with the short code we keep.

Source: fhir.kl.dk/rehab 2.2.0, CareSocialCodes 2.3.0 and FSIII. Codes are compared, never displays.
"""

PROFILES = "http://fhir.kl.dk/rehab/StructureDefinition/"
DELIVERY_REPORT = f"{PROFILES}klgateway-140-delivery-report"
PRECONDITION_DATE = f"{PROFILES}PreconditionDate"
DELIVERY_TYPE = f"{PROFILES}DeliveryType"
BASED_ON_SERVICE_REQUEST = f"{PROFILES}BasedOnServiceRequestExtension"
BASED_ON_CARE_PLAN = f"{PROFILES}BasedOnCarePlanExtension"
STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason"

CARE_SOCIAL = "http://fhir.kl.dk/term/CodeSystem/CareSocialCodes"
FSIII = "urn:oid:1.2.208.176.2.21"
LOCAL_INTERVENTIONS = "http://gateway.kl.dk/1.0/CodeSystem/LocallyDefinedInterventions"
SKS_D = "urn:oid:1.2.208.176.2.4.12"
CPR = "urn:oid:1.2.208.176.1.2"
SOR = "urn:oid:1.2.208.176.1.1"
KOMBIT = "https://kombit.dk/sts/organisation"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

KINDS = {
    ("Patient", "klgateway-140-citizen"): "citizen",
    ("Organization", "klgateway-140-organization"): "organization",
    ("ServiceRequest", "klgateway-140-servicerequest"): "service_request",
    ("Condition", "klgateway-140-focus-condition"): "focus_condition",
    ("Condition", "klgateway-140-condition"): "condition",
    ("CarePlan", "klgateway-140-care-plan"): "care_plan",
    ("CarePlan", "klgateway-140-planned-intervention"): "planned_intervention",
    ("Encounter", "klgateway-140-encounter"): "encounter",
}
"""From resource type and the last part of its profile to the kind of resource it is here."""

REQUESTED_SERVICE = {"7fc66c15-0cb3-4c89-9e18-f3a01e6a6592": "genoptraening"}
PLAN_TYPES = {
    "ffd81f78-352e-4589-a195-5350dd1df2a4": "almen",
    "0c8e2bfc-1350-45d1-90da-c07e2645d073": "specialiseret",
    "83c89857-8fb8-4163-97b1-eb1a56345c29": "rehabilitering",
}
LEVELS = {
    "8b962281-2ab6-4b10-9c91-4bac592d6d49": "basal",
    "b679c454-2da2-46dd-9425-0e52d4aa2bf3": "avanceret",
}
NO_ACTIVITY_REASONS = {
    "a8632e22-bf0c-4f5a-92a7-70977ba104d5": "udskudt",
    "f64b8f5e-8ced-4a8b-ab73-8994fb524915": "anden_kommune",
    "3796fa11-305f-47d6-b164-45b05489afb2": "frit_valg",
    "46a6bc1f-bfe8-4390-a71f-44ad4a384b9d": "frit_valg_afslaaet",
    "8ac7be88-5d16-4dbd-a61a-ab02673f4b34": "fejl",
}
DELIVERY_TYPES = {
    "2865f123-15a7-4a36-a514-32ea37c400ca": "gruppe",
    "8d12d74c-17da-47a7-a4fe-e69dbaec0a8c": "individuel",
    "284857a4-5e91-499a-a001-64d7f0b7038a": "digital",
    "34cdd6ab-3da9-49e8-84dc-1cbf683d4fcf": "robot",
}
STOP_REASONS = {
    "4bbf6d6a-a1c6-41c2-b8c1-7352b7378adf": "intet_behov_borger",
    "a63b6aa6-7d56-4e67-a5b3-d73f6d262af5": "intet_behov_fagperson",
    "3a5a72b7-addf-4857-b80c-04e4246e3072": "fravalg",
    "0cd5734d-b663-47c6-a3da-6b14a937d144": "fravalg_anden_sygdom",
    "f8436c2e-af1c-44fe-939d-473b518dd01d": "fravalg_transportudgift",
    "8371b769-4bfb-4ac8-b130-d91c54784a56": "fravalg_transport",
    "a3f2bd01-078b-486e-81be-797d192ad7bd": "fravalg_anden_traening",
    "82e99421-31da-4915-96ed-168ccfa1d20c": "haendelse",
    "ef491570-7884-4acd-bcf7-43d6b2c64762": "udeblevet",
}
COURSES = {
    "4863001e-14c7-4be8-a2da-e4f21a4b6ac4": "opfoelgning",
    "f15b2663-94d9-4d0c-a5de-d8bd8e1e4ebb": "intervention",
}
ENCOUNTER_CLASSES = {
    (ACT_CODE, "AMB"): "center",
    (ACT_CODE, "HH"): "hjemme",
    (CARE_SOCIAL, "124be95d-6924-4609-9d2a-e7c73ae3ab3d"): "skaerm",
    (CARE_SOCIAL, "1b55a4b0-1156-4f58-b2df-b5c6014d9048"): "telefon",
}

CONDITIONS = {
    "2bd07f7c-e6bb-424b-ab8f-f7c1de2afe80": "lave_mad",
    "b53bca74-fd3f-4127-89ae-1a39d7836b93": "husligt_arbejde",
    "bd088375-65fc-4e1d-9a8b-78dc918e6581": "indkoeb",
    "86e1982c-f459-4658-9071-e4bf3453a687": "forflytte_sig",
    "dd41df82-3c13-4523-b9c5-e83676425299": "mobilitet",
    "243ae4ae-4e36-4192-88cb-399711ac3766": "personlig_pleje",
    "290baa56-5d8c-40a6-b40c-1de05649f0d1": "spise_drikke",
    "6a2c3341-c13e-4638-961d-72ba0fe29a80": "sundhedskompetence",
    "064f983b-5ec5-40a3-bc90-c3fcec6b6ef5": "kommunikation",
    "1d9759c6-6526-4d07-994a-5dee3fa65177": "energi",
    "56860429-eabe-4d48-b8ad-d7f7b28f6df5": "hukommelse",
    "b16668ff-9c02-491e-b082-7b699d93f5bc": "kognition",
    "263a2c2f-7ae2-4264-8808-7e8216b1a118": "saar",
    "26b05040-94f3-4c8c-9ede-c7223bddf518": "respiration",
    "3c685f14-5d48-4b1c-a451-9da780e2b41c": "sanser_smerter",
    "bbc99471-a9f3-41f1-a95b-6842abfb551a": "kontinens",
    "c6f49b84-58af-43df-bb3e-0d6a67fa0aba": "bevaegeapparat",
    # Outgoing codes that older reports use, as KL's own example was moved from them to the present ones.
    "3f27a7bc-790d-444e-bcf4-6e22a6b1da7e": "mobilitet",
    "2a641de6-1017-4647-a0fb-c3c8b7b1f43e": "forflytte_sig",
}
INTERVENTIONS = {
    "1130ad70-6553-490d-87f8-5e8941687a0c": "udredning",
    "2abe20c7-c0b4-41c1-b397-52acf36499ef": "fysisk_traening",
    "58293f63-00d7-4730-8dbc-c784d40f9e23": "funktionstraening",
    "7f825e3e-1a5c-4249-bf41-9f7171fb6b8a": "adl_traening",
    "2c661159-1bb3-4af2-bdf1-f3a9927a99e2": "kognitiv_traening",
    "8d714c98-f23a-4722-8a2f-85c162fe4840": "psykomotorisk_traening",
    "f8ac963c-6ec5-4ec5-bd90-a22fea4e2d16": "manuel_behandling",
    "66fb32c9-ecc3-484b-be49-f20094be237c": "vejledning",
    "ba3e17bd-d4aa-4848-acad-25adc8285c19": "koordinering",
    "571fa7da-a155-4a84-b780-ef19170d48a0": "opfoelgning",
}

ENTERED_IN_ERROR = "entered-in-error"
REQUEST_STATUSES = ("draft", "active", "on-hold", "revoked", "completed", ENTERED_IN_ERROR, "unknown")
ACTIVITY_STATUSES = (
    "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
    ENTERED_IN_ERROR,
)  # fmt: skip
ENCOUNTER_STATUSES = (
    "planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "unknown",
    ENTERED_IN_ERROR,
)  # fmt: skip
STOPPED = ("cancelled", "stopped")
