/* Sorts a table by the column whose head is pressed. */
for (const button of document.querySelectorAll("th button"))
	button.addEventListener("click", () => {
		const head = button.parentElement, row = head.parentElement;
		const body = head.closest("table").tBodies[0];
		const place = [...row.children].indexOf(head);
		const down = head.getAttribute("aria-sort") !== "descending";
		const value = (line) => line.children[place].dataset.value;
		const order = (a, b) => isNaN(value(a)) || isNaN(value(b))
			? value(a).localeCompare(value(b))
			: value(a) - value(b);
		for (const each of row.children)
			each.removeAttribute("aria-sort");
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		const lines = [...body.rows].sort(order);
		body.append(...(down ? lines.reverse() : lines));
	});
