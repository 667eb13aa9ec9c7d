// What the lists share of that which the server keeps for one reader: conversations, quotes.
window.dateline.personal ||= (() => {
  const { words: frame, make, button, refused } = window.dateline;

  // Returns what asks the server. It answers with what it got, or with an `error` in words.
  const calls = (name, { gone }) => {
    const ask = async (path = "", how = {}) => {
      const place = new URL(`../${name}${path}`, location.href.split(/[?#]/)[0]);
      const answer = await fetch(place, how).catch(() => null);
      if (answer?.ok) return answer.json();
      const status = answer?.status;
      const why = refused(answer);
      const told = ["signed_out", "slow_down", "no_role"].includes(why) ? frame[why] : status === 404 && gone;
      return { status, error: told || (await answer?.json().catch(() => null))?.detail || frame.lost };
    };
    const send = (path, method, body, how = {}) =>
      ask(path, { method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json" }, ...how });
    return { ask, send };
  };

  // What cannot be taken back is asked once more, in the place of the button.
  const confirmed = (opener, { question, yes: agreed }, done) => {
    opener.addEventListener("click", () => {
      const asked = make("span", "sure");
      const giveUp = () => {
        asked.replaceWith(opener);
        opener.focus();
      };
      const yes = button("", agreed, async () => {
        yes.disabled = true;
        await done();
        asked.replaceWith(opener);
      });
      asked.append(make("span", "", question), yes, button("", frame.cancel, giveUp));
      asked.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // the panel stays open
        giveUp();
      });
      opener.replaceWith(asked);
      yes.focus();
    });
    return opener;
  };

  // A form in the place of a node: it is sent (from a text area with Ctrl+Enter too), or given up with Escape.
  const edited = (node, field, saveWord, { sent, givenUp }) => {
    const form = make("form", "amending");
    form.append(field, make("button", "", saveWord), button("", frame.cancel, givenUp));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sent(field.value);
    });
    form.addEventListener("keydown", (event) => {
      if (event.target === field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
      if (event.key !== "Escape") return;
      event.preventDefault();
      givenUp();
    });
    node.replaceChildren(form);
    field.focus();
    return form;
  };

  return { calls, confirmed, edited };
})();
