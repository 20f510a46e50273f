/** The whole page: theme, data, and the place that the URL names. */
export const App = () => <main>Kymograph</main>;
