import { decimal, FormatError } from './format-error.ts';
import { hexadecimal, rowsBelowHead } from './inet-address.ts';

/** A socket that speaks with the kernel, or with a device below IP. */
export interface KernelSocket {
  /** NETLINK_* of include/uapi/linux/netlink.h; ETH_P_* of include/uapi/linux/if_ether.h. */
  readonly protocol: number;
  readonly inode: number;
}

/** /proc/PID/net/netlink, netlink_native_seq_show in net/netlink/af_netlink.c; man 7 netlink. */
export const parseNetNetlink = (text: string): KernelSocket[] =>
  rowsBelowHead(text).map((words) => {
    if (words.length < 10) throw new FormatError('net/netlink', words.join(' '));
    return { protocol: decimal(words[1], 'net/netlink'), inode: decimal(words[9], 'net/netlink') };
  });

/** /proc/PID/net/packet, packet_seq_show in net/packet/af_packet.c; man 7 packet. */
export const parseNetPacket = (text: string): KernelSocket[] =>
  rowsBelowHead(text).map((words) => {
    if (words.length < 9) throw new FormatError('net/packet', words.join(' '));
    return { protocol: hexadecimal(words[3], 'net/packet'), inode: decimal(words[8], 'net/packet') };
  });
