/** What a question was answered: data as they came, and each error in words. */
export interface Answered {
  readonly data: unknown;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Asks outside of the page's own client, which would mix what two agreements are shown. Never rejects. */
export async function asked(
  question: { readonly document: string; readonly variables: string | null },
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  try {
    const variables: unknown = question.variables === null ? {} : JSON.parse(question.variables);
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: question.document, variables }),
    });
    const { data = null, errors = [] } = (await answer.json()) as Body;
    return { data, errors: errors.map(({ message, extensions }) => ({ code: extensions?.code ?? "", message })) };
  } catch (error) {
    return { data: null, errors: [{ code: "", message: String(error) }] };
  }
}
