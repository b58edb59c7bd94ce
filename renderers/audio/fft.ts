/** The Fourier transform of 2^n real samples: `size / 2 + 1` magnitudes, of which a sine of amplitude 1 gives 1 at its frequency. */
export class Spectrum {
  readonly size: number;
  readonly #window: Float32Array;
  readonly #cosine: Float32Array;
  readonly #sine: Float32Array;
  readonly #reversed: Uint32Array;
  readonly #real: Float32Array;
  readonly #imaginary: Float32Array;
  readonly #magnitudes: Float32Array;

  /** @param size a power of two */
  constructor(size: number) {
    this.size = size;
    const bits = Math.log2(size);
    if (!Number.isInteger(bits) || bits < 1) throw new RangeError(`${size} is no power of two`);
    // Hann's window: its mean is one half.
    this.#window = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
    this.#cosine = Float32Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sine = Float32Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    this.#reversed = new Uint32Array(size);
    for (let i = 1; i < size; i++) this.#reversed[i] = (this.#reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
    this.#real = new Float32Array(size);
    this.#imaginary = new Float32Array(size);
    this.#magnitudes = new Float32Array(size / 2 + 1);
  }

  /** Magnitudes of the samples around `centre`; beyond the ends there is silence. The array is used again by the next call. */
  at(samples: Float32Array, centre: number): Float32Array {
    const { size } = this;
    const start = Math.round(centre) - size / 2;
    for (let i = 0; i < size; i++) {
      const from = this.#reversed[i]!;
      this.#real[i] = (samples[start + from] ?? 0) * this.#window[from]!;
    }
    this.#imaginary.fill(0);
    this.#butterflies();
    const scale = 4 / size;
    for (let i = 0; i <= size / 2; i++) this.#magnitudes[i] = Math.hypot(this.#real[i]!, this.#imaginary[i]!) * scale;
    return this.#magnitudes;
  }

  #butterflies(): void {
    const { size } = this;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (half * 2);
      for (let start = 0; start < size; start += half * 2) {
        for (let i = 0; i < half; i++) {
          const [a, b] = [start + i, start + i + half];
          const cosine = this.#cosine[i * stride]!;
          const sine = this.#sine[i * stride]!;
          const re = real[b]! * cosine + imaginary[b]! * sine;
          const im = imaginary[b]! * cosine - real[b]! * sine;
          real[b] = real[a]! - re;
          imaginary[b] = imaginary[a]! - im;
          real[a] = real[a]! + re;
          imaginary[a] = imaginary[a]! + im;
        }
      }
    }
  }
}
