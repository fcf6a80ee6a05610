/* <form data-lean>: fields left empty stay out of the address. */
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-lean]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});
