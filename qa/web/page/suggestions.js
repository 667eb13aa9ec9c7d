// Questions to go on with, under the last answer. Text only: no string ever becomes HTML.
window.dateline.suggesting ||= (() => {
  const { call, answer: languages, make, button } = window.dateline;
  return (value, act) => {
    const section = make("section", "go-on");
    section.hidden = true;
    const heading = section.appendChild(make("h3", "", languages[value.lang].go_on));
    section.setAttribute("aria-label", heading.textContent);
    const list = section.appendChild(make("ul"));
    const { conversation } = window.dateline;
    const offer = ({ questions = [] }) => {
      for (const question of questions) {
        const ask = button("", question, () => act({ question }));
        list.appendChild(make("li")).append(ask);
      }
      section.hidden = !questions.length; // also after an error: nothing is missed that was asked for
    };
    call("suggest_questions", { conversation, turn: value.id, run: value.run }).then(offer);
    return section;
  };
})();
