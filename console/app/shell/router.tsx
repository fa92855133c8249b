import { createBrowserRouter } from "react-router";
import { AREAS, EXPLORER } from "./areas.ts";
import { Crashed, NoSuchPage } from "./Crashed.tsx";
import { Guarded } from "./Guarded.tsx";
import { Home } from "./Home.tsx";
import { Shell } from "./Shell.tsx";

export const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <Crashed />,
      children: [
        { index: true, element: <Home /> },
        ...AREAS.map((area) => ({ path: `${area.path}/*`, element: <Guarded area={area} /> })),
        { path: "explorer", element: <Guarded area={EXPLORER} /> },
        { path: "*", element: <NoSuchPage /> },
      ],
    },
  ],
  { basename: "/console" },
);
