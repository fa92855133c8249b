/** HUB_NIGHTLY=1: the longest tests run at full length. Otherwise shorter, and assert the same. */
export const isNightly = process.env["HUB_NIGHTLY"] === "1";
