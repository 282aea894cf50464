"""Code lists of § 140 visitation: stable codes, Danish labels, English translations.

Codes are data that history and outside systems hold, so they never vanish.
"""

from models.declaration import Code
from models.lesson import Lesson

LEVELS = (
    Code("basal", "Basalt niveau", "Basic level",
         "Mindre, ukompliceret funktionstab. Almindelige kompetencer og udstyr."),
    Code("avanceret", "Avanceret niveau", "Advanced level",
         "Større eller sammensat funktionstab. Særlige kompetencer eller tæt tværfaglig koordinering."),
)  # fmt: skip

PLAN_TYPES = (
    Code("almen", "Almen genoptræning", "General rehabilitation"),
    Code("specialiseret", "Specialiseret genoptræning", "Specialised rehabilitation"),
    Code("rehabilitering", "Rehabilitering på specialiseret niveau", "Rehabilitation at specialised level"),
)

DIAGNOSIS_GROUPS = (
    Code("knae", "Knæ", "Knee"),
    Code("skulder", "Skulder og overarm", "Shoulder and upper arm"),
    Code("haand", "Hånd og håndled", "Hand and wrist"),
    Code("ryg", "Ryg og nakke", "Back and neck"),
    Code("hofte", "Hofte, ikke brud", "Hip, not fracture"),
    Code("fod", "Fod og ankel", "Foot and ankle"),
    Code("amputation", "Amputation", "Amputation"),
    Code("geriatri", "Almen svækkelse og geriatri", "Frailty and geriatrics"),
    Code("kraeft", "Kræft", "Cancer"),
    Code("apopleksi", "Apopleksi og erhvervet hjerneskade", "Stroke and acquired brain injury"),
    Code("neuro", "Anden neurologi", "Other neurology"),
    Code("hoftebrud", "Hoftenær fraktur", "Hip fracture"),
    Code("hjertelunge", "Hjerte og lunge", "Heart and lung"),
    Code("andet", "Andet", "Other"),
)

COMORBIDITIES = (
    Code("hjerte", "Hjertesygdom", "Heart disease"),
    Code("lunge", "Lungesygdom", "Lung disease"),
    Code("diabetes", "Diabetes", "Diabetes"),
    Code("demens", "Demens", "Dementia"),
    Code("kraeft", "Kræft", "Cancer"),
    Code("psykisk", "Psykisk sygdom", "Mental illness"),
)

CONTACT_TYPES = (Code("indlaeggelse", "Indlæggelse", "Admission"), Code("ambulant", "Ambulant", "Outpatient"))
TREATMENT_TYPES = (Code("kirurgisk", "Kirurgisk", "Surgical"), Code("medicinsk", "Medicinsk", "Medical"))

SPECIALTIES = (
    Code("ortopaedkirurgi", "Ortopædkirurgi", "Orthopaedic surgery"),
    Code("neurologi", "Neurologi", "Neurology"),
    Code("medicin", "Intern medicin", "Internal medicine"),
    Code("geriatri", "Geriatri", "Geriatrics"),
    Code("onkologi", "Onkologi", "Oncology"),
    Code("hjerte", "Hjertemedicin", "Cardiology"),
    Code("andet", "Andet speciale", "Other specialty"),
)

NO_YES = (Code("nej", "Nej", "No"), Code("ja", "Ja", "Yes"))

RESTRICTIONS = (
    Code("ingen", "Ingen", "None"),
    Code("delvis", "Delvis belastning", "Partial load"),
    Code("ingen_belastning", "Ingen belastning", "No load"),
)

LIMITATION = (
    Code("0", "Ingen", "None", "Ingen eller ubetydelig begrænsning"),
    Code("1", "Let", "Slight", "Let begrænsning"),
    Code("2", "Moderat", "Moderate", "Moderat begrænsning"),
    Code("3", "Svær", "Severe", "Svær begrænsning"),
    Code("4", "Total", "Total", "Fuldstændig begrænsning"),
)

FUNCTION_BEFORE = (
    Code("selvhjulpen", "Selvhjulpen", "Independent"),
    Code("delvis", "Delvist afhængig", "Partly dependent"),
    Code("afhaengig", "Afhængig af hjælp", "Dependent"),
)

PAIN = (
    Code("ingen", "Ingen", "None"),
    Code("lette", "Lette", "Slight"),
    Code("moderate", "Moderate", "Moderate"),
    Code("svaere", "Svære", "Severe"),
)

WALKING_AIDS = (
    Code("ingen", "Ingen", "None"),
    Code("stok", "Stok", "Stick"),
    Code("rollator", "Rollator", "Rollator"),
    Code("koerestol", "Kørestol", "Wheelchair"),
)

HOUSING = (
    Code("eget_hjem", "Eget hjem", "Own home"),
    Code("midlertidig", "Midlertidig plads", "Temporary place"),
    Code("plejebolig", "Plejebolig", "Care home"),
)

SECTIONS = (
    Code("plan", "Fra planen", "From the plan"),
    Code("forloeb", "Forløbet på hospitalet", "The hospital course"),
    Code("funktion", "Funktionsevne", "Functioning"),
    Code("hverdag", "Hverdag", "Everyday life"),
    Code("beregnet", "Beregnet", "Computed"),
)

PLAN_SECTIONS = (
    Code("helbred", "Helbred og forløb", "Health summary"),
    Code("funktion_foer", "Funktionsevne før", "Function before"),
    Code("funktion_nu", "Funktionsevne ved udskrivning", "Function at discharge"),
    Code("behov", "Behov og potentiale", "Need and potential"),
    Code("praktisk", "Praktiske oplysninger", "Practical information"),
    Code("sikkerhed", "Patientsikkerhed", "Patient safety"),
)

PRACTICAL = (
    Code("maal", "Borgerens mål", "The citizen's goals"),
    Code("transport", "Brug for transport", "Needs transport"),
    Code("tolk", "Brug for tolk", "Needs an interpreter"),
    Code("samtykke", "Samtykke", "Consent"),
)

REASONS = (
    Code("oplysning_mangler", "Oplysninger, som systemet ikke har", "Information the system does not have"),
    Code("borgerens_maal", "Borgerens mål og ønsker", "The citizen's goals and wishes"),
    Code("funktion_nu", "Funktionsevne nu", "Functioning now"),
    Code("sygdom_risiko", "Andre sygdomme eller risiko", "Other illness or risk"),
    Code("hjem_netvaerk", "Hjem og netværk", "Home and network"),
    Code("retningslinje", "Faglig retningslinje eller kvalitetsstandard", "Professional guideline"),
    Code("sparring", "Sparring med kollega eller specialist", "Advice from a colleague or specialist"),
    Code("praksis", "Praksis i lignende sager", "Practice in similar cases"),
    Code("kapacitet", "Tilbud eller kapacitet", "Offer or capacity"),
    Code("faglig_viden", "Strider mod min faglige viden", "Against my professional knowledge"),
    Code("andet", "Andet", "Other"),
)
AGAINST_KNOWLEDGE = "faglig_viden"
"""The reason that says that what most cases got is professionally wrong here: somebody has to look at it."""
LESSONS = (
    Lesson("oplysninger", "Fejl eller huller i oplysningerne", ("oplysning_mangler",)),
    Lesson("beregning", "Fejl i beregningen", (AGAINST_KNOWLEDGE,)),
    Lesson("praksis", "Praksis er en anden", ("retningslinje", "sparring", "praksis", "kapacitet")),
    Lesson("oensker", "Borgerens ønsker", ("borgerens_maal",)),
    Lesson("sagen", "Den enkelte sag", ("funktion_nu", "sygdom_risiko", "hjem_netvaerk", "andet")),
)

FORMS = (
    Code("individuel", "Individuel", "Individual"),
    Code("gruppe", "Gruppe", "Group"),
    Code("digital", "Digital", "Digital"),
    Code("egentraening", "Egentræning med opfølgning", "Self-training with follow-up"),
)

TEAMS = (
    Code("ortopaedisk", "Ortopædisk", "Orthopaedic"),
    Code("neurologisk", "Neurologisk", "Neurological"),
    Code("medicinsk", "Medicinsk", "Medical"),
    Code("psykiatrisk", "Psykiatrisk", "Psychiatric"),
    Code("kraeft", "Kræft", "Cancer"),
    Code("boern", "Børn", "Children"),
    Code("haand", "Hånd", "Hand"),
)

PLACES = (
    Code("center", "Træningscenter", "Training centre"),
    Code("hjemme", "I hjemmet", "At home"),
    Code("doegn", "Døgn- eller midlertidig plads", "Residential place"),
    Code("privat", "Privat leverandør (frit valg)", "Private supplier (free choice)"),
    Code("anden_kommune", "Anden kommune", "Another municipality"),
)

START_STATUSES = (
    Code("inden_frist", "Start tilbudt inden fristen", "Start offered within the deadline"),
    Code("udskudt", "Udskudt efter planen", "Postponed by the plan"),
    Code("frit_valg", "Frit valg tilbudt", "Free choice offered"),
    Code("frit_valg_afslaaet", "Frit valg afslået af borgeren", "Free choice declined by the citizen"),
)

OUTCOMES = (
    Code("gennemfoert", "Gennemført", "Completed"),
    Code("afbrudt", "Afbrudt", "Interrupted"),
    Code("ikke_startet", "Ikke startet", "Never started"),
    Code("i_gang", "I gang", "Under way"),
)

SEXES = (Code("kvinde", "Kvinde", "Woman"), Code("mand", "Mand", "Man"))

AGE_GROUPS = (
    Code("under_18", "Under 18 år", "Under 18"),
    Code("18_39", "18–39 år", "18–39"),
    Code("40_66", "40–66 år", "40–66"),
    Code("67_74", "67–74 år", "67–74"),
    Code("75_84", "75–84 år", "75–84"),
    Code("85_op", "85 år og over", "85 and over"),
)

DISTRICTS = (
    Code("nord", "Nord", "North"),
    Code("syd", "Syd", "South"),
    Code("oest", "Øst", "East"),
    Code("vest", "Vest", "West"),
)
