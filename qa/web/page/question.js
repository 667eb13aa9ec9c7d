// The question as it was typed. Text only: nothing of it is read as HTML.
const draw = () => {
  const value = props.value;
  if (!value) return;
  const words = window.dateline.answer[value.lang];
  const isNew = element.dataset.id !== value.id;
  const asked = element.querySelector(".asked");
  if (!isNew && asked.textContent === value.text) return;
  element.dataset.id = value.id;
  const message = element.closest("[data-testid]");
  message?.setAttribute("role", "group");
  message?.setAttribute("aria-label", words.you);
  const log = element.closest('[role="log"]');
  log?.setAttribute("aria-label", window.dateline.answer[window.dateline.language].conversation);
  asked.textContent = value.text;
  asked.classList.toggle("long", value.text.length > 280);
  if (isNew) (element.closest(".message-row") || element).scrollIntoView({ block: "start" });
};
watch("value", draw);
draw();
