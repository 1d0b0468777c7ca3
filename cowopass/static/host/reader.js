// The reader of QR codes: zxing, compiled once and kept by the service worker.
import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

const WASM = "/static/vendor/barcode-detector/zxing_reader.wasm";

/** Return a detector of QR codes, ready; rejects when the reader can't be loaded. */
export async function makeReader() {
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? WASM : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
