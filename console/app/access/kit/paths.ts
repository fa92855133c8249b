export const toAgreement = (number: string): string => `/access/agreements/${encodeURIComponent(number)}`;
