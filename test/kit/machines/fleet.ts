import type { Gateway } from "../../../gateway/main.ts";
import type { Running } from "../../../subgraphs/kit/serve/serve.ts";
import { type Balancer, balanceConnections, balanceRequests } from "./balancer.ts";
import { layWire, type Wire } from "./wire.ts";

/** How many processes of each kind a hub has; each kind that has more than one stands behind a balancer. */
export interface FleetSize {
  readonly gateways: number;
  readonly replicas: number;
}

/** What stands behind a hub's addresses. */
export class Fleet {
  readonly gateways: Gateway[] = [];
  readonly replicas = new Map<string, Running[]>();
  private readonly balancers = new Map<string, Balancer>();
  private readonly wires = new Map<string, Wire>();
  private readonly gone = new Set<string>();
  private readonly size: FleetSize;

  constructor(size: Partial<FleetSize> = {}) {
    this.size = { gateways: 1, replicas: 1, ...size };
  }

  /** Starts the replicas of a slice; their address. */
  async slice(name: string, start: () => Promise<Running>): Promise<string> {
    const running: Running[] = [];
    this.replicas.set(name, running);
    for (let n = 0; n < this.size.replicas; n += 1) running.push(await start());
    const [first] = running;
    if (!first) throw new Error(`no replica of ${name}`);
    if (running.length === 1) return first.url;
    const balancer = await balanceConnections(await Promise.all(running.map(({ url }) => this.wired(url))));
    this.balancers.set(name, balancer);
    return `${balancer.url}/graphql`;
  }

  /** Starts the gateways; their address. */
  async gateway(start: () => Promise<Gateway>): Promise<string> {
    for (let n = 0; n < this.size.gateways; n += 1) this.gateways.push(await start());
    const [first] = this.gateways;
    if (!first) throw new Error("no gateway");
    if (this.gateways.length === 1) return first.url;
    const balancer = await balanceRequests(await Promise.all(this.gateways.map(({ url }) => this.wired(url))));
    this.balancers.set("gateway", balancer);
    return balancer.url;
  }

  private async wired(url: string): Promise<string> {
    const wire = await layWire(url);
    this.wires.set(url, wire);
    return wire.url(url);
  }

  /** Where the balancer reaches one of those behind it. */
  addressOf({ url }: { readonly url: string }): string {
    return new URL(this.wires.get(url)?.url(url) ?? url).origin;
  }

  /** As a crash looks from outside: every connection breaks, and no new one is taken. */
  async cutOff({ url }: { readonly url: string }): Promise<void> {
    await this.wires.get(url)?.close();
  }

  /** As an orderly stop: nothing new goes there, what is under way ends, then it is gone. */
  async retire(name: string, backend: { readonly url: string; close(): Promise<void> }): Promise<void> {
    const wire = this.wires.get(backend.url);
    await this.before(name).takeOut(wire?.url(backend.url) ?? backend.url);
    this.gone.add(backend.url);
    await backend.close();
  }

  /** The balancer before a slice, or before the gateways. */
  before(name: string): Balancer {
    const balancer = this.balancers.get(name);
    if (!balancer) throw new Error(`no balancer stands before ${name}`);
    return balancer;
  }

  async closeGateways(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.close()));
    await Promise.all([...this.balancers.values(), ...this.wires.values()].map((one) => one.close()));
  }
  async closeSlices(): Promise<void> {
    const left = [...this.replicas.values()].flat().filter(({ url }) => !this.gone.has(url));
    await Promise.all(left.map((slice) => slice.close()));
  }
}
