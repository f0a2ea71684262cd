/** What Swagger UI asks of people in our words: no scheme of machines, no "string items". */
window.swaggerPlugin = ({ React }) => ({
  statePlugins: {
    auth: {
      wrapSelectors: {
        // Prometheus sends it, from its own configuration.
        definitionsToAuthorize: (original) => (...given) => original(...given).filter((each) => !each.has("metricsToken")),
      },
    },
  },
  wrapComponents: {
    Button: (Original) => (props) => {
      const adds = props.className?.includes("json-schema-form-item-add")
      return React.createElement(Original, adds ? { ...props, children: "Add one" } : props)
    },
  },
})
