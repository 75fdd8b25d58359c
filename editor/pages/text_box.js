// A box for words or numbers. What is half typed stays until it is given, whatever else the page draws meanwhile.
export default {
  template: `
    <textarea v-if="lines" ref="box" class="td-input" :rows="lines" v-model="text" v-bind="shown"
      @change="give" @keydown.ctrl.enter.prevent="give" @keydown.esc.stop="back"></textarea>
    <input v-else ref="box" class="td-input" :list="offers.length ? list : null" v-model="text" v-bind="shown"
      @change="give" @keydown.enter.prevent="entered" @keydown.esc.stop="back" />
    <datalist v-if="offers.length" :id="list"><option v-for="one in offers" :key="one" :value="one" /></datalist>
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
      if (this.text === this.given && !this.empties) return;
      this.given = this.text;
      this.$emit("given", this.text);
      if (this.empties) this.text = this.given = "";
    },
    entered() {
      this.give();
    },
    back() {
      this.text = this.given;
      this.$refs.box.blur();
    },
    say(text) {
      this.text = this.given = text ?? "";
    },
    focus() {
      this.$refs.box.focus();
    },
  },
};
