// A box for words or numbers. What is half typed stays until it is given, whatever else the page draws meanwhile.
export default {
  template: `
    <span class="td-box">
      <textarea v-if="lines" ref="box" :rows="lines" v-model="text" v-bind="shown" class="td-line"
        @change="give" @keydown.ctrl.enter.prevent="give" @keydown.esc.stop="back"></textarea>
      <input v-else ref="box" :list="offers.length ? list : null" v-model="text" v-bind="shown" class="td-line"
        @change="give" @keydown.enter.prevent="give" @keydown.esc.stop="back" />
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
  },
  watch: {
    value(now) {
      if (this.text === this.given) this.text = now ?? "";
      this.given = now ?? "";
    },
  },
  methods: {
    give() {
      if (this.text === this.given) return;
      this.given = this.text;
      this.$emit("given", this.text);
      if (this.empties) this.text = this.given = "";
    },
    back() {
      this.text = this.given = this.value ?? "";
      this.$refs.box.blur();
    },
    focus() {
      this.$refs.box.focus();
    },
  },
};
