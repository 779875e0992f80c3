// The one circle: its core is the breath and the listener, its rim the time that has passed.

const SVG = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Circle {
  constructor(button) {
    this.svg = button.querySelector("svg");
    this.core = this.svg.querySelector(".core");
    this.halo = this.svg.querySelector(".halo");
    this.passedArc = this.svg.querySelector(".passed");
    this.tickGroup = this.svg.querySelector(".ticks");
  }

  // How open the circle is, 0 to 1. With reduced motion it stays as it is; words say the rest.
  open(amount) {
    const shown = still.matches ? 0.6 : Math.min(1, Math.max(0, amount));
    this.core.style.transform = `scale(${(0.55 + 0.45 * shown).toFixed(4)})`;
    this.halo.style.transform = `scale(${(0.62 + 0.42 * shown).toFixed(4)})`;
  }

  // Swells and sinks by itself when nothing else moves it.
  rest(resting) {
    this.svg.classList.toggle("resting", resting);
    if (resting) {
      this.core.style.transform = "";
      this.halo.style.transform = "";
    }
  }

  // The part of the time that has passed, 0 to 1.
  passed(part) {
    this.passedArc.style.strokeDasharray = `${Math.min(1, Math.max(0, part)).toFixed(5)} 1`;
    this.passedArc.style.visibility = part > 0 ? "visible" : "hidden";
  }

  // Small marks on the rim where chapters begin, as parts of the whole.
  ticks(parts) {
    this.tickGroup.replaceChildren(
      ...parts.map((part) => {
        const tick = document.createElementNS(SVG, "line");
        for (const [key, value] of Object.entries({ x1: 100, x2: 100, y1: 1, y2: 8 })) tick.setAttribute(key, value);
        tick.setAttribute("transform", `rotate(${(360 * part).toFixed(2)} 100 100)`);
        return tick;
      }),
    );
  }
}
