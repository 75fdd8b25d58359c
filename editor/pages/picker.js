// A list to choose one from: the browser's own. What was chosen last stays chosen, whatever else the page draws
// meanwhile: of a word that is typed, each letter may choose another entry.
export default {
  template: `
    <select class="td-line td-picker" :value="now" @change="give" @keydown.esc="close">
      <option v-for="(says, place) in options" :key="place" :value="String(place)">{{ says }}</option>
    </select>
  `,
  props: { options: { type: Array, default: () => [] }, value: String },
  emits: ["chosen"],
  data() {
    return { now: this.value };
  },
  watch: {
    value(now) {
      this.now = now;
    },
    options() {
      this.now = this.value;
    },
  },
  methods: {
    give(event) {
      this.now = event.target.value;
      this.$emit("chosen", this.now);
    },
    close(event) {
      // In an open list an entry has the focus: Escape closes the list alone, and not what is around it.
      if (event.target.tagName === "OPTION") event.stopPropagation();
    },
  },
};
