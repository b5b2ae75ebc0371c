// Asks the local Firestore what the web app asks it, through the unmodified SDK.
// Each step shows one line; when all have run, the title is "done".

import { initializeApp } from "firebase/app";
import {
  arrayUnion,
  collection,
  connectFirestoreEmulator,
  disableNetwork,
  doc,
  enableNetwork,
  getCountFromServer,
  getDoc,
  getDocs,
  getFirestore,
  increment,
  limit,
  onSnapshot,
  orderBy,
  query,
  runTransaction,
  serverTimestamp,
  setDoc,
  updateDoc,
  where,
  writeBatch,
} from "firebase/firestore";

const STEP_TIMEOUT_MS = 15000;
const asked = new URLSearchParams(location.search);
const db = getFirestore(initializeApp({ projectId: "browser", apiKey: "none" }));
connectFirestoreEmulator(db, "127.0.0.1", Number(asked.get("port")));
const tracks = collection(db, "tracks");

function expect(actual, expected) {
  const [told, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (told !== wanted) throw new Error(`${told}, not ${wanted}`);
}

/** Resolves with the first snapshot of the server's that `isAwaited` accepts. */
function awaited(target, isAwaited) {
  return new Promise((resolve, reject) => {
    const stop = onSnapshot(
      target,
      { includeMetadataChanges: true },
      (snapshot) => {
        const { fromCache, hasPendingWrites } = snapshot.metadata;
        if (fromCache || hasPendingWrites || !isAwaited(snapshot)) return;
        stop();
        resolve(snapshot);
      },
      reject,
    );
  });
}

const steps = {
  async "a document set is the document got"() {
    await setDoc(doc(tracks, "a"), { title: "Ä 🎵", plays: 1, at: serverTimestamp() });
    const { title, plays, at } = (await getDoc(doc(tracks, "a"))).data();
    expect([title, plays, at.toMillis() > 0], ["Ä 🎵", 1, true]);
  },

  async "transforms are applied by the server"() {
    await updateDoc(doc(tracks, "a"), { plays: increment(2), tags: arrayUnion("x") });
    const { plays, tags } = (await getDoc(doc(tracks, "a"))).data();
    expect([plays, tags], [3, ["x"]]);
  },

  async "an update of nothing is refused as not found"() {
    const code = await updateDoc(doc(tracks, "absent"), { plays: 1 }).then(
      () => "accepted",
      (error) => error.code,
    );
    expect(code, "not-found");
  },

  async "a batch is found by a sorted, limited query, and counted"() {
    const batch = writeBatch(db);
    for (let i = 0; i < 5; i++) batch.set(doc(tracks, `b${i}`), { i, kind: "batch" });
    await batch.commit();
    const batched = where("kind", "==", "batch");
    const found = await getDocs(query(tracks, batched, orderBy("i", "desc"), limit(2)));
    expect(found.docs.map((each) => each.id), ["b4", "b3"]);
    expect((await getCountFromServer(query(tracks, batched))).data().count, 5);
  },

  async "a transaction may read more than it writes"() {
    await runTransaction(db, async (transaction) => {
      await transaction.get(doc(tracks, "b0"));
      await transaction.get(doc(tracks, "absent"));
      const { plays } = (await transaction.get(doc(tracks, "a"))).data();
      transaction.update(doc(tracks, "a"), { plays: plays + 1 });
    });
    expect((await getDoc(doc(tracks, "a"))).data().plays, 4);
  },

  async "a listener sees documents come into its query and leave it"() {
    const live = query(tracks, where("kind", "==", "live"));
    await awaited(live, (snapshot) => snapshot.size === 0);
    await setDoc(doc(tracks, "l"), { kind: "live" });
    await awaited(live, (snapshot) => snapshot.size === 1);
    await updateDoc(doc(tracks, "l"), { kind: "gone" });
    await awaited(live, (snapshot) => snapshot.size === 0);
  },

  async "a listener with a limit sees the window move"() {
    const top = query(tracks, orderBy("i", "desc"), limit(2));
    const seen = [];
    const moved = new Promise((resolve) => {
      const stop = onSnapshot(top, { includeMetadataChanges: true }, (snapshot) => {
        if (snapshot.metadata.fromCache) return;
        seen.push(snapshot.docs.map((each) => each.id).join());
        if (seen.at(-1) === "b9,b4") resolve(stop());
      });
    });
    await awaited(top, (snapshot) => snapshot.size === 2);
    await setDoc(doc(tracks, "b9"), { i: 9 });
    await moved;
    expect(seen[0], "b4,b3");
  },

  async "a listener sees what a Python client writes"() {
    document.title = "waiting";
    const snapshot = await awaited(doc(tracks, "python"), (each) => each.exists());
    expect(snapshot.data().from, "python");
    document.title = "running";
  },

  async "a listener goes on after its connection was cut"() {
    const all = query(tracks, where("kind", "==", "cut"));
    const sizes = [];
    const stop = onSnapshot(all, { includeMetadataChanges: true }, (snapshot) => {
      if (!snapshot.metadata.fromCache) sizes.push(snapshot.size);
    });
    await setDoc(doc(tracks, "c1"), { kind: "cut" });
    await awaited(all, (snapshot) => snapshot.size === 1);
    await disableNetwork(db);
    await enableNetwork(db);
    await setDoc(doc(tracks, "c2"), { kind: "cut" });
    await awaited(all, (snapshot) => snapshot.size === 2);
    stop();
    expect(sizes.at(-1), 2);
  },
};

function timedOut() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("timed out")), STEP_TIMEOUT_MS);
  });
}

for (const [name, step] of Object.entries(steps)) {
  const started = performance.now();
  const outcome = await Promise.race([step(), timedOut()]).then(
    () => "ok  ",
    (error) => `FAIL ${error.message}:`,
  );
  const took_ms = Math.round(performance.now() - started);
  document.body.append(`${outcome} ${name} (${took_ms} ms)\n`);
}
document.title = "done";
