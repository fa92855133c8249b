export const HOUSEHOLD = /* GraphQL */ `
  query HouseholdOfDesk($id: ID!) {
    household(id: $id) {
      id
      address
      region {
        code
        name
      }
      members {
        id
        suffix
        relation
        claimedName
        state
        family {
          id
          registryNumber
        }
      }
    }
  }
`;

export const PREVIEW_CHANGE = /* GraphQL */ `
  query PreviewChange($input: ChangeInput!) {
    previewChange(input: $input) {
      digest
      consequences {
        code
        indonesian
        english
      }
      pkh {
        code
        indonesian
        english
      }
      seats {
        code
        indonesian
        english
      }
    }
  }
`;

export const SUBMIT_CARD = /* GraphQL */ `
  mutation SubmitCard($input: ChangeInput!) {
    submitNewCard(input: $input) {
      id
      version
      state
    }
  }
`;

export const COMPLETE_CHANGE = /* GraphQL */ `
  mutation CompleteChange($input: SubmitChangeInput!) {
    submitChange(input: $input) {
      id
      version
      state
    }
  }
`;

export const REGISTER_NEED = /* GraphQL */ `
  mutation RegisterNeed($input: RegisterNeedInput!) {
    registerNeed(input: $input) {
      id
      version
    }
  }
`;
