export interface Case {
  readonly id: string;
  readonly source: string;
  readonly row: string;
  /** Bits. */
  readonly weight: number | null;
  readonly margin: number | null;
  readonly person: Person | null;
  readonly comparisons: readonly Comparison[] | null;
  readonly weightParts: readonly Part[] | null;
}

export interface Person {
  readonly fullName: string | null;
  readonly birthDate: string | null;
  readonly birthPlace: string | null;
  readonly sex: string | null;
  readonly isAlive: boolean | null;
  readonly nik: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
}

/** `level` 0: missing on a side; 1: they differ; `of`: equal. */
interface Comparison {
  readonly field: string;
  readonly level: number;
  readonly of: number;
}

export interface Part {
  readonly of: string;
  readonly field: string | null;
  readonly bits: number;
}

export interface Job {
  readonly id: string;
  readonly source: string;
  readonly fileName: string;
  readonly state: string;
  readonly fault: string | null;
  readonly rows: number | null;
  readonly rowsDone: number | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
