// The question as it was typed. Text only: nothing of it is read as HTML.
const draw = () => {
  const value = props.value;
  if (!value || element.dataset.id === value.id) return;
  element.dataset.id = value.id;
  element.querySelector(".asked").textContent = value.text;
  const message = element.closest(".message-row") || element;
  message.scrollIntoView({ block: "start" });
};
watch("value", draw);
draw();
