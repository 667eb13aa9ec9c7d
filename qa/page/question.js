// The question as it was typed. Text only: nothing of it is read as HTML.
const draw = () => {
  const value = props.value;
  if (!value || element.dataset.id === value.id) return;
  element.dataset.id = value.id;
  const message = element.closest("[data-testid]");
  message?.setAttribute("role", "group");
  message?.setAttribute("aria-label", value.label);
  element.closest('[role="log"]')?.setAttribute("aria-label", value.conversation);
  element.querySelector(".asked").textContent = value.text;
  (element.closest(".message-row") || element).scrollIntoView({ block: "start" });
};
watch("value", draw);
draw();
