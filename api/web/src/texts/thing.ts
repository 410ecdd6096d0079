import type { Texts } from ".";

export const thing: Texts = {
  "thing.title": ["事实与出处", "Facts and sources"],
  "thing.places": ["印在哪里（{n} 处）", "Where it is printed ({n})"],
  "thing.places.none": ["没有直接印出的位置：它由下列事实得出。", "It is printed nowhere itself: it follows from the facts below."],
  "thing.facts": ["图谱中的事实", "What the graph states"],
  "thing.mentions": ["提到它的（{n}）", "What mentions it ({n})"],
  "thing.mentions.file": ["提到它的", "mentions"],
  "thing.mentions.some": ["只列出前 {n} 条；下载可得全部。", "The first {n} are listed; the file has all of them."],
  "thing.predicate": ["关系", "Relation"],
  "thing.value": ["内容", "Value"],
  "thing.iri": ["永久地址", "Permanent address"],
  "thing.view": ["打开它的专页", "Its own page"],
  "thing.data": ["数据", "Data"],
  "thing.none": ["地址里没有给出要看的事物", "The address does not say what to show"],
  "thing.none.cure": ["从任何“出处”进入，或在地址末尾写上 ?iri=…。", "Come here from any “source”, or put ?iri=… at the end of the address."],
};
