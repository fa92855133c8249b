/** What notices of changes say of people and programs of the agency they are told: who acknowledged one, and which of its documents a change touches. */
export const OWN_NOTICES: readonly string[] = ["SchemaNotice.acknowledgedBy", "NoticedChange.documents"];
