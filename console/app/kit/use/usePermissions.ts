import { useQuery } from "urql";
import { useText } from "../text.tsx";

const PERMISSIONS = /* GraphQL */ `
  query Permissions {
    me {
      permissions {
        mutation
        isAllowed
        reason {
          indonesian
          english
        }
      }
    }
  }
`;

interface Answer {
  readonly me: {
    readonly permissions:
      | readonly {
          readonly mutation: string;
          readonly isAllowed: boolean;
          readonly reason: { readonly indonesian: string; readonly english: string } | null;
        }[]
      | null;
  };
}

/** Why this person's roles do not allow a mutation, in words; undefined: they do, or the hub alone knows and will say. */
export function usePermissions(): (mutation: string) => string | undefined {
  const { t, language } = useText();
  const [{ data }] = useQuery<Answer>({ query: PERMISSIONS, requestPolicy: "cache-first" });
  const known = data?.me?.permissions;
  return (mutation) => {
    if (!known) return undefined;
    const found = known.find((one) => one.mutation === mutation);
    if (!found) return t("access.notInAgreement");
    return (language === "id" ? found.reason?.indonesian : found.reason?.english) ?? undefined;
  };
}
