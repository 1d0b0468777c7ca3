const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.url,
  deepLinking: true,
  // The library would send the description to a validator on another host.
  validatorUrl: null,
});
