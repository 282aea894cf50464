"""KL's FHIR profiles for § 140 (KLGatewayRehabilitation 2.2.0, FHIR R4B): bundles become plain values."""
