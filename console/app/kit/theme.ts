import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** From the lightest to the darkest; white text stands on the eighth and later ones with a contrast of 4.5 at least. */
const brand: MantineColorsTuple = [
  "#eaf5f9",
  "#d3e6ee",
  "#b8d8e4",
  "#9cc6d8",
  "#7db3c9",
  "#5e9fba",
  "#43879f",
  "#2c7494",
  "#0b5a74",
  "#0b4a61",
];

export const theme = createTheme({
  primaryColor: "brand",
  colors: { brand },
  autoContrast: true,
  primaryShade: { light: 8, dark: 4 },
  luminanceThreshold: 0.35,
  fontFamily: "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  // by name: to name the components themselves would load them with every page
  components: {
    // at once: while it faded away, a dialog already bore the names of what is next
    Modal: { defaultProps: { transitionProps: { duration: 0 } } },
    Checkbox: { defaultProps: { size: "md" } },
    Radio: { defaultProps: { size: "md" } },
    Switch: { defaultProps: { size: "md" } },
    Pagination: { defaultProps: { size: "md" } },
  },
});
