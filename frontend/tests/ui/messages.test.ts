import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { entrance } from "../../src/api/session";
import { offlineProblem, Problem } from "../../src/api/problem";
import Empty from "../../src/ui/Empty.vue";
import ErrorSummary from "../../src/ui/ErrorSummary.vue";
import Failed from "../../src/ui/Failed.vue";
import Loading from "../../src/ui/Loading.vue";
import Notice from "../../src/ui/Notice.vue";
import OfflineBanner from "../../src/ui/OfflineBanner.vue";
import Refused from "../../src/ui/Refused.vue";
import { shown } from "./mounted";

enableAutoUnmount(afterEach);
afterEach(() => vi.restoreAllMocks());

describe("a notice", () => {
  it("has a sign beside its colour", () => {
    const signs = (["info", "good", "warn"] as const).map((mood) => shown(Notice, { mood }).find("path").attributes("d"));
    expect(new Set(signs).size).toBe(3);
  });

  it("has its title only where there is one", () => {
    expect(shown(Notice, { title: "好" }).find(".strong").text()).toBe("好");
    expect(shown(Notice).find(".strong").exists()).toBe(false);
  });
});

describe("what failed", () => {
  beforeEach(() => (entrance.value = null));

  it("says what happened and what to do, and tries again when asked", async () => {
    const failed = shown(Failed, { error: offlineProblem() });
    expect(failed.attributes("role")).toBe("alert");
    expect(failed.attributes("data-problem")).toBe("offline");
    expect(failed.text()).toContain("common.offline_action");
    await failed.find("button").trigger("click");
    expect(failed.emitted("retry")).toHaveLength(1);
  });

  it("speaks with the server's words where it has some", () => {
    const error = new Problem({ kind: "slot-taken", status: 409, detail: "这个时间刚被约走", action: "换一个时间" });
    expect(shown(Failed, { error }).text()).toContain("这个时间刚被约走");
  });

  it("leads who was signed out to the entrance, and offers no second try", () => {
    const failed = shown(Failed, { error: new Problem({ kind: "sign-in", status: 401 }) });
    expect(failed.find("a").attributes("href")).toContain("/?next=");
    expect(failed.find("button").exists()).toBe(false);
  });

  it("offers the office's telephone once it is known", () => {
    entrance.value = { phone: "0571-12345" } as never;
    expect(shown(Failed, { error: offlineProblem() }).find("a").attributes("href")).toBe("tel:0571-12345");
  });
});

describe("a refusal", () => {
  it("is not there before it happens, and then takes the focus", async () => {
    const refused = shown(Refused, { error: null });
    expect(refused.find("[role=alert]").exists()).toBe(false);
    await refused.setProps({ error: new Problem({ kind: "slot-taken", status: 409, detail: "约走了" }) } as never);
    await flushPromises();
    expect(document.activeElement).toBe(refused.find("[role=alert]").element);
    expect(refused.text()).toContain("约走了");
  });

  it("that will pass looks milder than one that stands", () => {
    const looks = [503, 409].map((status) => shown(Refused, { error: new Problem({ kind: "x", status }) }).find(".notice").classes());
    expect(looks[0]).toContain("mood-warn");
    expect(looks[1]).toContain("mood-bad");
  });
});

describe("a summary of errors", () => {
  const errors = [{ id: "name", message: "姓名要填" }];

  it("is not there without errors", () => {
    expect(shown(ErrorSummary, { errors: [] }).find("div").exists()).toBe(false);
  });

  it("takes the focus, and leads to the field", async () => {
    const field = document.createElement("input");
    field.id = "name";
    field.scrollIntoView = vi.fn();
    document.body.append(field);
    const summary = shown(ErrorSummary, { errors });
    await flushPromises();
    expect(document.activeElement).toBe(summary.element);
    await summary.find("a").trigger("click");
    expect(document.activeElement).toBe(field);
    field.remove();
  });
});

describe("while it waits, and with nothing to show", () => {
  it("loading says so in a word, and draws as many bars as lines are coming", () => {
    const loading = shown(Loading, { lines: 5 });
    expect(loading.attributes("role")).toBe("status");
    expect(loading.text()).toBe("common.loading");
    expect(loading.findAll("[aria-hidden=true]")).toHaveLength(5);
  });

  it("an empty place says what is not there and what to do", () => {
    const empty = shown(Empty, { title: "没有安排" }, { default: "给母亲约一次" });
    expect(empty.text()).toContain("没有安排");
    expect(empty.text()).toContain("给母亲约一次");
  });

  it("the banner comes and goes with the network, in a place that is listened to before", async () => {
    const network = vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
    const banner = shown(OfflineBanner);
    expect(banner.attributes("role")).toBe("status");
    expect(banner.text()).toBe("");
    network.mockReturnValue(false);
    window.dispatchEvent(new Event("offline"));
    await flushPromises();
    expect(banner.text()).toBe("common.offline_banner");
    network.mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    await flushPromises();
    expect(banner.text()).toBe("");
  });
});
