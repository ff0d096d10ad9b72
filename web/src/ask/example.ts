/** Questions to begin with, and a picture for those who have none at hand. */

export interface Example {
  title: string;
  query: string;
  /** What the recorded answer's program calls its picture. */
  name: string;
}

export const EXAMPLES: Example[] = [
  {
    title: "accident scene",
    query:
      "In the accident scene, report the color and model of all the cars involved in the accident and check if the cars are damaged or overturned.",
    name: "accident_scene.jpg",
  },
  {
    title: "number plates",
    query: "Report the colour of every car and read its number plate.",
    name: "photo.png",
  },
];

const CARS: [x: number, y: number, size: number, colour: string, tilt: number][] = [
  [150, 330, 1, "#c9463d", 0.06],
  [430, 300, 0.85, "#3f6fb5", -0.1],
  [720, 350, 1.1, "#e9e6df", 0],
  [1000, 310, 0.9, "#2f3a44", 3.05],
];

/** A drawing, not a photograph: real models will find little in it. */
export function drawnScene(name: string): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = 1280;
  canvas.height = 640;
  const pen = canvas.getContext("2d");
  if (pen) drawScene(pen);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], name, { type: "image/png" }));
      else reject(new Error("this browser cannot draw the example"));
    });
  });
}

function drawScene(pen: CanvasRenderingContext2D): void {
  const bands: [string, number, number][] = [
    ["#a9c7dd", 0, 230],
    ["#8aa179", 230, 60],
    ["#5b5f66", 290, 350],
  ];
  for (const [colour, top, height] of bands) {
    pen.fillStyle = colour;
    pen.fillRect(0, top, 1280, height);
  }
  pen.fillStyle = "#e8e2c8";
  for (let x = 20; x < 1280; x += 130) pen.fillRect(x, 520, 70, 10);
  for (const car of CARS) drawCar(pen, ...car);
}

function drawCar(pen: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string, tilt: number): void {
  pen.save();
  pen.translate(x, y + 60);
  pen.rotate(tilt);
  pen.scale(size, size);
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(-110, -10, 220, 60, 16);
  pen.roundRect(-65, -60, 130, 60, 20);
  pen.fill();
  pen.fillStyle = "#cfe2ee";
  pen.beginPath();
  pen.roundRect(-54, -50, 50, 36, 8);
  pen.roundRect(6, -50, 50, 36, 8);
  pen.fill();
  pen.fillStyle = "#15181b";
  for (const wheel of [-65, 65]) {
    pen.beginPath();
    pen.arc(wheel, 50, 24, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.restore();
}
