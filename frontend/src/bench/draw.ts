import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use, type ComposeOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { BarSeriesOption } from "echarts/charts";
import type { GridComponentOption, LegendComponentOption } from "echarts/components";

use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

type Option = ComposeOption<BarSeriesOption | GridComponentOption | LegendComponentOption>;

/** One row of bars. */
export interface Bars {
  name: string;
  /** A colour of ours, such as `--good`. */
  colour: string;
  values: (number | null)[];
}

/** What a chart shows: bars over the same names. */
export interface Drawing {
  names: string[];
  bars: Bars[];
  /** Bars of one name stand on one another. */
  stacked?: boolean;
  /** Bars lie, for long names. */
  lying?: boolean;
}

/** Colours are named, not looked up, so that paper and the dark get theirs. */
const of = (token: string) => `var(${token})`;
const WORDS = { color: of("--ink-soft"), fontSize: 13 };

/** About how wide these words are, in pixels: a Chinese sign is twice a Latin one. */
function wide(words: string[]): number {
  const signs = words.map((word) => [...word].reduce((sum, sign) => sum + (sign > "\u2e80" ? 1 : 0.56), 0));
  return Math.ceil(Math.max(0, ...signs) * WORDS.fontSize);
}

function option({ names, bars, stacked = false, lying = false }: Drawing, width: number): Option {
  const room = Math.min(wide(names) + 8, Math.floor(width * 0.45));
  const label = lying ? { ...WORDS, width: room, overflow: "break" as const } : { ...WORDS, hideOverlap: true };
  const many = {
    type: "category" as const,
    data: names,
    inverse: lying,
    axisLabel: label,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: of("--line-strong") } },
  };
  const figures = { type: "value" as const, minInterval: 1, axisLabel: WORDS, splitLine: { lineStyle: { color: of("--line") } } };
  return {
    animation: false,
    textStyle: { fontFamily: "sans-serif" },
    legend: { show: bars.length > 1, top: 0, left: 0, itemWidth: 14, itemGap: 18, textStyle: { color: of("--ink"), fontSize: 13 } },
    grid: { left: lying ? room + 14 : 40, right: 16, top: bars.length > 1 ? 34 : 10, bottom: 26, outerBoundsMode: "none" },
    xAxis: lying ? figures : many,
    yAxis: lying ? many : figures,
    series: bars.map((one) => ({
      type: "bar" as const,
      name: one.name,
      data: one.values,
      barMaxWidth: 22,
      itemStyle: { color: of(one.colour) },
      ...(stacked ? { stack: "all" } : {}),
    })),
  };
}

/** What a style says, as attributes: the pages' policy forbids styles inside the markup. The type is the page's own. */
function asAttributes(style: string): string {
  return style
    .split(";")
    .map((part) => part.split(":").map((piece) => piece.trim()))
    .filter(([name, value]) => name && value && /^(font-size|font-weight|fill|stroke|opacity)/.test(name))
    .map(([name, value]) => `${name}="${value}"`)
    .join(" ");
}

/** The chart as an SVG element, this wide and high in pixels. */
export function draw(drawing: Drawing, width: number, height: number): SVGElement {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(option(drawing, width));
  const text = chart
    .renderToSVGString({ useViewBox: true })
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/\sfont-family="[^"]*"/g, "")
    .replace(/\sstyle="([^"]*)"/g, (_, style: string) => ` ${asAttributes(style)}`);
  chart.dispose();
  return new DOMParser().parseFromString(text, "image/svg+xml").documentElement as unknown as SVGElement;
}
