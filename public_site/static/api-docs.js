// Opens the viewer on our own description; a file of its own because the page forbids inline scripts.
window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#viewer", deepLinking: true, validatorUrl: null });
});
