// A box for words or numbers. What is half typed stays until it is given, whatever else the page draws meanwhile.
// Where each letter counts (`onTyped`, a search) it is told as it is typed, and Escape is left to what is around.
// What the page listens for (`shown`) comes after what the box does itself: leaving it on Escape gives nothing then.
export default {
  template: `
    <span class="td-box">
      <textarea v-if="lines" ref="box" :rows="lines" v-model="text" class="td-line"
        @input="tell" @change="give" @keydown.ctrl.enter.prevent="give" @keydown.esc="back" v-bind="shown"></textarea>
      <input v-else ref="box" :list="offers.length ? list : null" v-model="text" class="td-line"
        @input="tell" @change="give" @keydown.enter.prevent="give" @keydown.esc="back" v-bind="shown" />
      <datalist v-if="offers.length" :id="list"><option v-for="one in offers" :key="one" :value="one" /></datalist>
    </span>
  `,
  inheritAttrs: false,
  props: { value: String, lines: Number, offers: { type: Array, default: () => [] }, empties: Boolean },
  data() {
    return { text: this.value ?? "", given: this.value ?? "" };
  },
  computed: {
    list() {
      return `${this.$attrs.id}-offers`;
    },
    shown() {
      return { spellcheck: false, autocomplete: "off", ...this.$attrs };
    },
    searches() {
      return "onTyped" in this.$attrs;
    },
  },
  mounted() {
    if ("autofocus" in this.$attrs) this.$refs.box.focus();
  },
  watch: {
    value(now) {
      if (this.text === this.given) this.text = now ?? "";
      this.given = now ?? "";
    },
  },
  methods: {
    tell() {
      if (!this.searches) return;
      this.given = this.text;
      this.$emit("typed", this.text);
    },
    give() {
      if (this.text === this.given) return;
      this.given = this.text;
      this.$emit("given", this.text);
      if (this.empties) this.text = this.given = "";
    },
    back(event) {
      if (this.searches || this.text === this.given) return; // Escape is for what is around, such as a panel
      event.stopPropagation();
      this.restore();
    },
    restore() {
      this.text = this.given = this.value ?? "";
    },
    focus() {
      this.$refs.box.focus();
    },
  },
};
