import "@mantine/core/styles.css";
import "./kit/theme.css";
import { MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { AskProvider } from "./kit/ask.tsx";
import { nonce } from "./kit/nonce.ts";
import { loadTexts, TextProvider } from "./kit/text.tsx";
import { theme } from "./kit/theme.ts";
import { keepFocus } from "./kit/use/keepFocus.ts";
import { recognise } from "./kit/use/kept.ts";
import { router } from "./shell/router.tsx";

const [texts] = await Promise.all([loadTexts(), recognise()]);
keepFocus();
createRoot(document.getElementById("root") as HTMLElement).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <TextProvider texts={texts}>
      <AskProvider>
        <RouterProvider router={router} />
      </AskProvider>
    </TextProvider>
  </MantineProvider>,
);
